/** The forms that identifiers must have; `Problems` and messages use them. */
export const PATTERNS = {
  /** A released version of Bitbucket: `9.4.23`. */
  version: /^\d+\.\d+\.\d+$/,
  /** An AWS account, or `self`, `amazon`, `aws-marketplace`: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
  imageOwner: /^(\d{12}|self|amazon|aws-marketplace)$/,
  imageId: /^ami-[0-9a-f]{8,17}$/,
  instanceId: /^i-[0-9a-f]{8,17}$/,
  volumeId: /^vol-[0-9a-f]{8,17}$/,
  /** Names of instance store volumes: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html */
  instanceStore: /^(ephemeral\d+|instance-store.*)$/,
  /** Name of another home: it becomes part of tags and of state names. */
  homeName: /^[a-z][a-z0-9-]{0,39}$/,
  /** A path as the freezing document takes it: no character that a shell could read as more than that. */
  mountPoint: /^\/[A-Za-z0-9._/-]+$/,
  /** A Systems Manager document, by name or ARN: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCalendarState.html */
  calendar: /^(arn:aws[a-z-]*:ssm:[a-z0-9-]+:\d{12}:document\/)?[A-Za-z0-9_.-]{3,128}$/,
  /** Path of an SSM parameter without the version: `/bitbucket/ami`. */
  parameterPrefix: /^(\/[A-Za-z0-9_.-]+)+$/,
  /** At most 128 characters, as for every EC2 tag key; `aws:` is reserved. */
  tagKey: /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
  /** A path of URL segments: `/git`. */
  contextPath: /^(\/[A-Za-z0-9_.~-]+)+$/,
} as const;
