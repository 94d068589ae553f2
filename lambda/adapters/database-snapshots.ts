import type { RdsPart } from '../../lib/contract/environment';
import type { DatabaseSnapshots } from '../ports/snapshots';
import { rdsCluster } from './rds-cluster';
import { rdsInstance } from './rds-instance';

const KINDS = { instance: rdsInstance, cluster: rdsCluster };

/** Snapshots of the database that a part's specification names. */
export const databaseSnapshots = ({ kind, id }: RdsPart): DatabaseSnapshots => KINDS[kind](id);
