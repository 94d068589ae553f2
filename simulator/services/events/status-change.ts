import type { Execution } from '../../states/execution';

/** Most that input and output may have together in an event; then first the input is left out. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const MAX_PAYLOAD_BYTES = 248 * 1024;

const escapedBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));

/** `Step Functions Execution Status Change`. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function statusChange(
  execution: Execution,
  id: string,
  place: { readonly region: string; readonly account: string },
): Readonly<Record<string, unknown>> {
  const { arn, name, machine, status, startedAt, endedAt, input, output, error, cause, redriveCount, redrivenAt } = execution;
  const outputFits = escapedBytes(output ?? '') <= MAX_PAYLOAD_BYTES;
  const inputFits = escapedBytes(input) + (outputFits ? escapedBytes(output ?? '') : 0) <= MAX_PAYLOAD_BYTES;
  return {
    version: '0',
    id,
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: place.account,
    time: new Date(endedAt ?? redrivenAt ?? startedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: place.region,
    resources: [arn],
    detail: {
      executionArn: arn,
      stateMachineArn: machine.arn,
      name,
      status,
      startDate: startedAt,
      stopDate: endedAt ?? null,
      input: inputFits ? input : null,
      output: output !== undefined && outputFits ? output : null,
      inputDetails: { included: inputFits },
      outputDetails: output === undefined ? null : { included: outputFits },
      error: error ?? null,
      cause: cause ?? null,
      redriveCount,
      redriveDate: redrivenAt ?? null,
    },
  };
}
