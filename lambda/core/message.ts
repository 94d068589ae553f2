/** Most bytes that SNS takes for a message: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const MESSAGE_BYTES = 262_144;

const CUT = '\n\n... The rest is cut off here: the output of the execution has the whole report.';

/** The text as SNS takes it for a message: cut at the end of a line when it is too long. */
export function asMessage(text: string, most = MESSAGE_BYTES): string {
  if (bytes(text) <= most) return text;
  const lines: string[] = [];
  let room = most - bytes(CUT);
  for (const line of text.split('\n')) {
    room -= bytes(line) + 1;
    if (room < 0) break;
    lines.push(line);
  }
  return `${lines.join('\n')}${CUT}`;
}

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
