const CUT = '\n\n... The rest is cut off here: the output of the execution has the whole report.';

/** The text, cut at the end of a line when it has more than so many bytes. */
export function cutText(text: string, most: number): string {
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

/** Length in UTF-8, as AWS counts it. */
export const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');
