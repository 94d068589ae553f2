import { clusterState, refusalToJoin } from '../../../../simulator/bitbucket/upgrade-mode';
import type { NodeFacts } from '../../../../simulator/bitbucket/upgrade-mode';
import { compareVersions, isBugFixOf } from '../../../../simulator/bitbucket/version';

const on = { originalVersion: '9.4.20', tasks: 'none' } as const;
const node = (version: string, state: NodeFacts['state'] = 'ACTIVE'): NodeFacts => ({ version, state });

describe('the state of a cluster', () => {
  test('is STABLE while upgrade mode is off, whatever the nodes are', () => {
    expect(clusterState(undefined, [node('9.4.20'), node('9.4.23')])).toBe('STABLE');
  });

  test('is READY_TO_UPGRADE while every live node has the original version', () => {
    expect(clusterState(on, [node('9.4.20'), node('9.4.20', 'STARTING')])).toBe('READY_TO_UPGRADE');
  });

  test('is MIXED while live nodes have different versions', () => {
    expect(clusterState(on, [node('9.4.20'), node('9.4.23')])).toBe('MIXED');
  });

  test('does not count nodes that are OFFLINE', () => {
    expect(clusterState(on, [node('9.4.20', 'OFFLINE'), node('9.4.23')])).toBe('READY_TO_RUN_UPGRADE_TASKS');
    expect(clusterState(on, [node('9.4.23', 'OFFLINE'), node('9.4.20')])).toBe('READY_TO_UPGRADE');
  });

  test('stays MIXED with a node in ERROR, even when all versions are the same', () => {
    expect(clusterState(on, [node('9.4.23'), node('9.4.23', 'ERROR')])).toBe('MIXED');
  });

  test('tells that upgrade tasks run or failed', () => {
    expect(clusterState({ originalVersion: '9.4.20', tasks: 'running' }, [])).toBe('RUNNING_UPGRADE_TASKS');
    expect(clusterState({ originalVersion: '9.4.20', tasks: 'failed' }, [])).toBe('UPGRADE_TASKS_FAILED');
  });
});

describe('joining a cluster', () => {
  test.each([
    ['9.4.20', true],
    ['9.4.23', true],
    ['9.4.19', false],
    ['9.5.0', false],
    ['10.0.0-rc1', false],
    ['9.4.23-rc1', false],
  ])('with upgrade mode on from 9.4.20, %s may join: %s', (version, allowed) => {
    expect(refusalToJoin(version, on, '9.4.20', false) === undefined).toBe(allowed);
  });

  test('with upgrade mode off only the version that runs may join', () => {
    expect(refusalToJoin('9.4.23', undefined, '9.4.23', false)).toBeUndefined();
    expect(refusalToJoin('9.4.20', undefined, '9.4.23', false)).toMatch(/older 9\.4\.20 cannot start/);
    expect(refusalToJoin('9.4.23', undefined, '9.4.20', false)).toMatch(/upgrade mode is off/);
  });

  test('a newer version may start when no other node runs', () => {
    expect(refusalToJoin('9.4.23', undefined, '9.4.20', true)).toBeUndefined();
  });
});

describe('versions', () => {
  test('are compared by number, and a pre-release is older than its release', () => {
    expect(['9.4.9', '9.4.23', '10.0.0', '10.0.0-rc1', '9.4.20'].sort(compareVersions)).toEqual([
      '9.4.9',
      '9.4.20',
      '9.4.23',
      '10.0.0-rc1',
      '10.0.0',
    ]);
  });

  test('are bug-fix versions only within the line, and only if newer', () => {
    expect(isBugFixOf('9.4.23', '9.4.20')).toBe(true);
    expect(isBugFixOf('9.4.20', '9.4.20')).toBe(false);
    expect(isBugFixOf('9.5.0', '9.4.20')).toBe(false);
  });

  test('that cannot be read are refused with what is allowed', () => {
    expect(() => compareVersions('9.4', '9.4.0')).toThrow(/allowed is major\.minor\.patch/);
  });
});
