import * as iam from 'aws-cdk-lib/aws-iam';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { acknowledgeWildcards } from '../private/acknowledge';
import { letUseKeyThrough } from './keys';

/**
 * Lets a role read a secret's value and nothing else of it (`ISecret.grantRead` would also let it describe the secret).
 * A secret known without the suffix that Secrets Manager adds is named with a wildcard of that length:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html
 */
export function letReadSecret(role: iam.Role, secret: secretsmanager.ISecret): void {
  const resource = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [resource] }));
  acknowledgeWildcards(role, [resource], "the secret's ARN was given without the suffix that Secrets Manager adds");
  if (secret.encryptionKey) letUseKeyThrough('secretsmanager', role, secret.encryptionKey, ['Decrypt']);
}
