import { failure } from './http';
import type { HttpAnswer, HttpRequest } from './http';

/** The one account of the simulated Bitbucket. */
export interface Account {
  readonly username: string;
  readonly password: string;
  /** False: an account that may log in, but is no system administrator. */
  readonly systemAdministrator: boolean;
}

/** Failed logins after which Bitbucket wants a CAPTCHA, which no script can solve. */
export const FAILED_LOGINS_ALLOWED = 5;

const UNAUTHENTICATED = 'com.atlassian.bitbucket.AuthorisationException';
const DENIED = 'com.atlassian.bitbucket.auth.IncorrectPasswordAuthenticationException';

/** Basic authentication, with the lock after too many failures (https://confluence.atlassian.com/bitbucketserverkb/how-to-configure-captcha-in-bitbucket-server-779171704.html). */
export class Authentication {
  #account: Account;
  #failures = 0;

  constructor(account: Account) {
    this.#account = account;
  }

  /** Somebody changes the password, or puts the account in order: what failed before is forgotten. */
  change(account: Account): void {
    this.#account = account;
    this.#failures = 0;
  }

  /** Why credentials that were sent are refused; undefined when none were sent, or they are right. */
  refusal(request: HttpRequest): HttpAnswer | undefined {
    const header = request.headers['authorization'];
    if (header === undefined) return undefined;
    if (this.#failures >= FAILED_LOGINS_ALLOWED) {
      return failure(401, 'CAPTCHA required. Your account has been marked as requiring a CAPTCHA.', `${DENIED}.Captcha`, {
        'x-authentication-denied-reason': 'CAPTCHA_CHALLENGE',
      });
    }
    if (this.#isRight(header)) {
      this.#failures = 0;
      return undefined;
    }
    this.#failures += 1;
    return failure(401, 'Authentication failed. Please check your credentials and try again.', DENIED);
  }

  /** Why an administrator's resource is refused to this request; undefined when it is allowed. */
  administratorRefusal(request: HttpRequest): HttpAnswer | undefined {
    if (request.headers['authorization'] === undefined) {
      return failure(401, 'You are not permitted to access this resource', UNAUTHENTICATED);
    }
    if (this.#account.systemAdministrator) return undefined;
    return failure(403, 'You are not permitted to access this resource: it needs SYS_ADMIN', UNAUTHENTICATED);
  }

  /** Only Basic works: access tokens cannot carry SYS_ADMIN (https://jira.atlassian.com/browse/BSERV-10482). */
  #isRight(header: string): boolean {
    const { username, password } = this.#account;
    return header === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
}
