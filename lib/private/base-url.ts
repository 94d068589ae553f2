import { Token } from 'aws-cdk-lib';
import { PATTERNS } from './patterns';
import type { Problems } from './problems';
import { malformed } from './problems';

/** The base URL with its context path and without a trailing slash. What is wrong with either goes to `problems`. */
export function resolveBaseUrl(props: { readonly baseUrl: string; readonly contextPath?: string }, problems: Problems): string {
  const contextPath = props.contextPath?.replace(/\/$/, '') ?? '';
  if (contextPath !== '' && malformed(contextPath, PATTERNS.contextPath)) {
    problems.add(`contextPath '${contextPath}' must begin with a slash, like '/git'`);
  }
  if (Token.isUnresolved(props.baseUrl)) return props.baseUrl + contextPath;
  const url = URL.canParse(props.baseUrl) ? new URL(props.baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    problems.add(`baseUrl '${withoutUserInfo(props.baseUrl)}' must be a URL like 'https://bitbucket.example.com/git'`);
    return '';
  }
  problems.require(url.username === '' && url.password === '', 'baseUrl must not hold a user name or password: give adminCredentials');
  problems.require(url.search === '' && url.hash === '', `baseUrl '${withoutUserInfo(props.baseUrl)}' must not have a query or a fragment`);
  const path = url.pathname.replace(/\/+$/, '');
  problems.require(
    path === '' || contextPath === '' || path === contextPath,
    `contextPath '${contextPath}' is not the path '${path}' of baseUrl: give one of them`,
  );
  return `${url.protocol}//${url.host}${path || contextPath}`;
}

/** A password given by mistake must not reach a message. */
function withoutUserInfo(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//...@');
}
