/**
 * How every SDK client is made. One attempt: Step Functions' `Retry` is the one layer that tries again, where people see it in the graph;
 * a second layer inside would multiply the attempts and keep a function waiting
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
 */
export const CLIENT_SETTINGS = { maxAttempts: 1 } as const;
