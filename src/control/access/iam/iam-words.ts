import type { Tag } from '../../../access/principals/principal-tags.ts';

/** Documents of policies are percent-encoded in answers (RFC 3986). */
export const encodedDocument = (document: string): string =>
  encodeURIComponent(document).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** Seconds since the epoch, as answers have times. @param milliseconds since the epoch */
export const secondsOf = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** What a user or role has as its permissions boundary. */
export const boundaryOf = (arn: string | undefined) =>
  arn === undefined
    ? {}
    : ({
        permissionsBoundary: { permissionsBoundaryType: 'PermissionsBoundaryPolicy', permissionsBoundaryArn: arn },
      } as const);

export const tagsOf = (tags: readonly Tag[]) => tags.map(({ key, value }) => ({ key, value }));
