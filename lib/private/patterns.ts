/** The forms that identifiers must have; `Problems` and messages use them. */
export const PATTERNS = {
  /** A released version of Bitbucket: `9.4.23`. */
  version: /^\d+\.\d+\.\d+$/,
  /** An AWS account, or `self`, `amazon`, `aws-marketplace`: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
  imageOwner: /^(\d{12}|self|amazon|aws-marketplace)$/,
  imageId: /^ami-[0-9a-f]{8,17}$/,
  instanceId: /^i-[0-9a-f]{8,17}$/,
  /** Path of an SSM parameter without the version: `/bitbucket/ami`. */
  parameterPrefix: /^(\/[A-Za-z0-9_.-]+)+$/,
  /** At most 128 characters, as for every EC2 tag key; `aws:` is reserved. */
  tagKey: /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
  /** A path of URL segments: `/git`. */
  contextPath: /^(\/[A-Za-z0-9_.~-]+)+$/,
} as const;
