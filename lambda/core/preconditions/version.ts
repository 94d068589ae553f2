import { bugFixPolicy } from '../versions';
import type { Check } from './facts';
import { problem } from './facts';

/** The request as it was read, and the bug-fix policy. A target that could not be read has its problem already. */
export const checkVersions: Check = ({ plan, request, deniedVersions }) => [
  ...request.problems,
  ...(plan.toVersion === '' || plan.action === 'nothing' ? [] : bugFixPolicy(plan.fromVersion, plan.toVersion, deniedVersions)).map(
    (message) => problem('version', message),
  ),
];
