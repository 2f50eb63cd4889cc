import { NotFoundError, PermanentError, RetryLaterError } from '../../ports/errors.ts';

const RETRYABLE = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'Throttling',
  'ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'TooManyRequestsException',
  'LimitExceededException',
  'SlowDown',
  'InternalServerError',
  'InternalFailure',
  'InternalError',
  'InternalServiceError',
  'ServiceUnavailable',
  'TransactionConflictException',
  'OperationAborted',
  'ConditionalRequestConflict',
  'KMSInternalException',
  'KeyUnavailableException',
  'DependencyTimeoutException',
  'TimeoutError',
  'RequestTimeout',
  'NetworkingError',
  'AbortError',
  // The execution role's token is renewed by the SDK; the next try has a new one.
  'ExpiredTokenException',
  'ExpiredToken',
  'CredentialsProviderError',
]);
const ABSENT = new Set(['NoSuchKey', 'NotFound', 'NoSuchVersion']);
const CONNECTION = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND', 'ECONNABORTED']);

interface ServiceFailure {
  readonly name: string;
  readonly status: number;
  readonly code: string;
}

function failureOf(error: unknown): ServiceFailure {
  if (!(error instanceof Error)) return { name: 'unknown', status: 0, code: '' };
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status: unknown =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata ? metadata.httpStatusCode : 0;
  const code: unknown = 'code' in error ? error.code : '';
  return {
    name: error.name,
    status: typeof status === 'number' ? status : 0,
    code: typeof code === 'string' ? code : '',
  };
}

/** True when a conditional write found its condition unmet: an answer, not a fault. */
export function isConditionUnmet(error: unknown): boolean {
  const { name, status } = failureOf(error);
  return name === 'ConditionalCheckFailedException' || name === 'PreconditionFailed' || status === 412;
}

/**
 * The error of shared/ports/errors.ts for what a service threw. The service's own text is left out of the message, since
 * it may repeat keys or bodies; its error name and the operation are enough to look it up.
 */
export function portError(error: unknown, operation: string): Error {
  if (error instanceof NotFoundError || error instanceof PermanentError || error instanceof RetryLaterError) return error;
  const { name, status, code } = failureOf(error);
  if (ABSENT.has(name) || (status === 404 && name === 'Error')) {
    return new NotFoundError(`${operation}：没有找到该对象。 / ${operation}: no such object.`, { cause: error });
  }
  if (RETRYABLE.has(name) || CONNECTION.has(code) || status >= 500 || status === 429) {
    const what = code || name;
    return new RetryLaterError(
      `${operation}：云服务繁忙或无法连接（${what}），将自动重试。 / ${operation}: the service is busy or unreachable (${what}); it will be tried again.`,
      { cause: error, busy: true },
    );
  }
  // Without a status the service never answered: something of ours is wrong, and hiding it would help nobody.
  if (status === 0) return error instanceof Error ? error : new Error(operation);
  return new PermanentError(
    'AWS_REFUSED',
    `${operation}：云服务拒绝请求（${name}，${status}），请检查资源名称、权限和消息内容。 / ${operation}: the service refused the request (${name}, ${status}); check resource names, permissions and the message.`,
  );
}

/** Runs one request and lets only errors of the ports out. */
export async function atEdge<T>(operation: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw portError(error, operation);
  }
}

/** How often the SDK sent the request that ended so. */
function attemptsOf(error: unknown): number {
  const metadata: unknown = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  const attempts: unknown =
    typeof metadata === 'object' && metadata !== null && 'attempts' in metadata ? metadata.attempts : undefined;
  return typeof attempts === 'number' ? attempts : 1;
}

/**
 * Like `atEdge` for a conditional write: true when it was done, false when its condition was not met. A write whose answer
 * was lost is sent again by the SDK and then meets itself: `landed` tells whether what is there now is what was to be written.
 */
export async function ifMet(
  operation: string,
  request: () => Promise<unknown>,
  landed: () => Promise<boolean> = async () => false,
): Promise<boolean> {
  try {
    await request();
    return true;
  } catch (error) {
    if (isConditionUnmet(error)) return attemptsOf(error) > 1 && (await landed());
    throw portError(error, operation);
  }
}
