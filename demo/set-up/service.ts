import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { S3Client } from '@aws-sdk/client-s3';

/** The service that a demo uses: the clients of the AWS SDK, and where data and reports go. */
export type Service = {
  readonly personalize: PersonalizeClient;
  readonly runtime: PersonalizeRuntimeClient;
  readonly events: PersonalizeEventsClient;
  readonly s3: S3Client;
  /** A server of OpenPersonalize, which tells how far its work has come; undefined where AWS itself is asked. */
  readonly url: string | undefined;
  readonly bucket: string;
  /** The role with which import jobs read the bucket. */
  readonly roleArn: string;
  readonly output: NodeJS.WritableStream;
};

export type ServiceOptions = Pick<Service, 'url' | 'bucket' | 'roleArn' | 'output'> & { readonly region: string };

/** A server of OpenPersonalize needs its endpoint and takes any credentials; AWS finds both by itself. */
export function openService({ region, ...rest }: ServiceOptions): Service {
  const known = process.env.AWS_ACCESS_KEY_ID !== undefined || process.env.AWS_PROFILE !== undefined;
  const settings = {
    region,
    // A server that has just started reads its data first, and says so.
    maxAttempts: 8,
    ...(rest.url === undefined ? {} : { endpoint: rest.url }),
    ...(rest.url === undefined || known ? {} : { credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' } }),
  };
  return {
    personalize: new PersonalizeClient(settings),
    runtime: new PersonalizeRuntimeClient(settings),
    events: new PersonalizeEventsClient(settings),
    s3: new S3Client({ ...settings, forcePathStyle: rest.url !== undefined }),
    ...rest,
  };
}
