import { shapesOf } from '../../../../simulator/wire/shapes';
import { encodeStructure } from '../../../../simulator/wire/xml-encode';
import { cluster, inputs } from './calls';
import { world } from './world';

const OPERATIONS = world().cloud.services.flatMap(({ client, operations }) =>
  Object.keys(operations)
    .filter((name) => name !== 'RunInstances') // has no answer but errors: it is only a dry run
    .map((name) => [client, name] as const),
);

test.each(OPERATIONS)('%s %s: the answer has only members that the SDK knows, of their types', (client, name) => {
  const site = cluster();
  const { output } = shapesOf(client).operation(name);
  expect(() => encodeStructure(output, site.w.call(`${client}/${name}`, inputs(site)[name] ?? {}), name)).not.toThrow();
});

test.each([
  [
    'client-rds',
    [
      ...['DBSnapshotNotFound', 'DBSnapshotAlreadyExists', 'DBInstanceNotFound', 'InvalidDBInstanceState', 'InvalidDBSnapshotState'],
      ...['DBClusterNotFoundFault', 'DBClusterSnapshotNotFoundFault', 'DBClusterSnapshotAlreadyExistsFault'],
      ...['InvalidDBClusterStateFault', 'InvalidDBClusterSnapshotStateFault'],
    ],
  ],
  [
    'client-backup',
    ['ResourceNotFoundException', 'InvalidParameterValueException', 'InvalidRequestException', 'InvalidResourceStateException'],
  ],
  ['client-ssm', ['InvocationDoesNotExist', 'InvalidInstanceId', 'InvalidDocument', 'InvalidParameters']],
  ['client-auto-scaling', ['ScalingActivityInProgress']],
  ['client-elastic-load-balancing-v2', ['TargetGroupNotFound', 'InvalidTarget']],
])('%s raises its own class for %j', (client, codes) => {
  expect(codes.filter((code) => shapesOf(client).error(code) === undefined)).toEqual([]);
});
