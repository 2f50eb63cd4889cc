/**
 * Stands in the bundles for the SDK's default chain of credentials: a Lambda function has its credentials in the environment,
 * and the ways for people (profiles, single sign-on, processes) are a tenth of a bundle.
 */
export function defaultProvider(): () => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}> {
  // Read at every refresh: the service renews them while the function stays warm.
  return async () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
    if (accessKeyId === undefined || secretAccessKey === undefined) throw new Error('the function has no credentials');
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? undefined : { sessionToken }) };
  };
}
