import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { TaskError } from '../core/errors';
import { aws } from './aws-errors';
import { CLIENT_SETTINGS } from './client-settings';

let client: SecretsManagerClient | undefined;

/** The text of a secret, read anew each time: a rotated secret is used at once. */
export async function secretText(arn: string): Promise<string> {
  const { SecretString } = await aws(`GetSecretValue of ${arn}`, () =>
    (client ??= new SecretsManagerClient(CLIENT_SETTINGS)).send(new GetSecretValueCommand({ SecretId: arn })),
  );
  if (!SecretString) throw new TaskError('ConfigurationInvalid', `The secret ${arn} holds no text.`);
  return SecretString;
}

/** The header of Basic authentication from a secret with `username` and `password`. The secret is in no message. */
export async function basicAuthorization(arn: string): Promise<string> {
  const { username, password } = parse(await secretText(arn));
  if (typeof username !== 'string' || typeof password !== 'string' || username === '' || password === '') {
    throw new TaskError(
      'ConfigurationInvalid',
      `The secret ${arn} must be JSON such as {"username": "upgrade-admin", "password": "..."}; a key is missing.`,
    );
  }
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function parse(text: string): { readonly username?: unknown; readonly password?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}
