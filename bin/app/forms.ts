const ARN = 'arn:aws[a-z-]*';

/** Forms of the settings, each with an example that is shown when it is missing or malformed. */
export const FORMS = {
  name: /^\S.*$/,
  alarm: /^[\x20-\x7e]{1,255}$/,
  launchTemplate: /^lt-[0-9a-f]{8,17}$/,
  role: new RegExp(`^${ARN}:iam::\\d{12}:role/.+$`),
  targetGroup: new RegExp(`^${ARN}:elasticloadbalancing:[a-z0-9-]+:\\d{12}:targetgroup/[^/]+/[0-9a-f]+$`),
  url: /^https?:\/\/[^\s/]+(\/\S*)?$/,
  path: /^\/\S+$/,
  secret: new RegExp(`^${ARN}:secretsmanager:[a-z0-9-]+:\\d{12}:secret:.+-[A-Za-z0-9]{6}$`),
  topic: new RegExp(`^${ARN}:sns:[a-z0-9-]+:\\d{12}:.+$`),
  vpc: /^vpc-[0-9a-f]{8,17}$/,
  subnet: /^subnet-[0-9a-f]{8,17}$/,
  securityGroup: /^sg-[0-9a-f]{8,17}$/,
  instance: /^i-[0-9a-f]{8,17}$/,
  volume: /^vol-[0-9a-f]{8,17}$/,
  image: /^ami-[0-9a-f]{8,17}$/,
  database: /^[A-Za-z][A-Za-z0-9-]*$/,
  key: new RegExp(`^${ARN}:kms:[a-z0-9-]+:\\d{12}:key/.+$`),
  fileSystem: /^fs-[0-9a-f]{8,17}$/,
  vault: /^[a-zA-Z0-9_-]{2,50}$/,
  /** `key=value` */
  tag: /^(?!aws:)[^=]{1,128}=.{1,256}$/,
  homeName: /^[a-z][a-z0-9-]{0,39}$/,
  /** An instance, a file system, or volumes. */
  home: /^(i-[0-9a-f]{8,17}|fs-[0-9a-f]{8,17}|vol-[0-9a-f]{8,17}(\s*,\s*vol-[0-9a-f]{8,17})*)$/,
  mountPoint: /^\/[A-Za-z0-9._/-]+$/,
  /** A version, or the word for the newest bug-fix version. */
  target: /^(\d+\.\d+\.\d+|LATEST_BUGFIX)$/,
  calendar: new RegExp(`^(${ARN}:ssm:[a-z0-9-]+:\\d{12}:document/)?[A-Za-z0-9_.-]{3,128}$`),
  version: /^\d+\.\d+\.\d+$/,
  account: /^\d{12}$/,
  owner: /^(\d{12}|self|amazon|aws-marketplace)$/,
  region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  email: /^[^\s@]+@[^\s@]+$/,
  parameterPrefix: /^(\/[A-Za-z0-9_.-]+)+$/,
  expression: /^(cron|rate|at)\(.+\)$/,
  stackName: /^[A-Za-z][A-Za-z0-9-]*$/,
} as const;
