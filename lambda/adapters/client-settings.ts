import type { AutoScalingClientConfig } from '@aws-sdk/client-auto-scaling';

type Logger = NonNullable<AutoScalingClientConfig['logger']>;

const ignore = (): void => undefined;

/**
 * The SDK's own logger ignores everything; but since it has `info` and `error`, a copy of each request and each answer is made for it, with what is
 * sensitive masked. Nobody reads these copies, so there is nobody to make them for. (`loggerMiddleware` of `@aws-sdk/core/client`.)
 */
const logger = { trace: ignore, debug: ignore, warn: console.warn } as unknown as Logger;

/**
 * How every SDK client is made.
 *
 * One attempt: Step Functions' `Retry` is the one layer that tries again, where people see it in the graph; a second layer inside would multiply the
 * attempts and keep a function waiting (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
 *
 * The handlers of a command are put together at its first call and kept, instead of at each call: nothing changes them here. Documented with the option,
 * `SmithyConfiguration.cacheMiddleware` of `@smithy/core/client`.
 */
export const CLIENT_SETTINGS = { maxAttempts: 1, cacheMiddleware: true, logger } as const;
