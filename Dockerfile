# The image of a server: docs/deployment.md says how it is built and run.
ARG REGISTRY=docker.io/library
ARG NODE_IMAGE=${REGISTRY}/node:24.21.0-bookworm-slim
ARG BASE=${REGISTRY}/debian:bookworm-slim

FROM ${NODE_IMAGE} AS build
# A mirror of the npm registry: the lockfile names packages by version and hash alone.
ARG NPM_CONFIG_REGISTRY=https://registry.npmjs.org/
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --include=optional
COPY tsconfig.base.json tsconfig.build.json tsconfig.json ./
COPY types ./types
COPY scripts ./scripts
COPY src ./src
RUN node scripts/image.mjs

FROM ${BASE}
RUN groupadd --gid 10001 openpersonalize \
  && useradd --uid 10001 --gid 10001 --home-dir /var/lib/openpersonalize --shell /usr/sbin/nologin openpersonalize \
  && install -d -m 0700 -o openpersonalize -g openpersonalize /var/lib/openpersonalize
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --from=build /build/node_modules /opt/openpersonalize/node_modules
COPY --from=build /build/wasm /opt/openpersonalize/wasm
COPY --from=build /build/dist /opt/openpersonalize/dist
COPY package.json LICENSE /opt/openpersonalize/
COPY scripts/healthcheck.mjs /opt/openpersonalize/scripts/
ENV NODE_ENV=production \
  OPENPERSONALIZE_HOME=/var/lib/openpersonalize \
  OPENPERSONALIZE_HOST=0.0.0.0
WORKDIR /var/lib/openpersonalize
USER 10001:10001
VOLUME /var/lib/openpersonalize
EXPOSE 8642
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
  CMD ["node", "/opt/openpersonalize/scripts/healthcheck.mjs"]
# One process, which ends cleanly on SIGTERM.
ENTRYPOINT ["node", "/opt/openpersonalize/dist/main.js"]
CMD ["start"]
