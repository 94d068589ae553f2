import { duration } from '../../simulator/report/words';
import type { NodeView, Snapshot } from '../../simulator/scenario/snapshot';

/** How a frame is drawn. */
export interface Look {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

type Color = 'green' | 'yellow' | 'red' | 'dim' | 'bold';
const CODES: Readonly<Record<Color, number>> = { green: 32, yellow: 33, red: 31, dim: 2, bold: 1 };

/** A piece of a line. */
interface Piece {
  readonly text: string;
  readonly color?: Color;
}

/** The lines of the live view at a moment: never wider than the terminal. */
export function frame(title: string, snapshot: Snapshot, look: Look): string[] {
  const { seconds, state, nodes, backup, serving, planned, clusterState, requests, progress } = snapshot;
  const short = serving < planned;
  return [
    [{ text: title, color: 'bold' as const }],
    [
      { text: `${bar(progress, Math.min(40, look.width - 24))} ${String(Math.round(progress * 100)).padStart(3)} %  ` },
      { text: duration(seconds), color: 'dim' as const },
    ],
    [{ text: 'Phase     ' }, { text: state, color: 'bold' as const }],
    ...(backup.length === 0 ? [] : [[{ text: `Backup    ${backup.map(({ part, percent }) => `${part} ${percent} %`).join(', ')}` }]]),
    [
      { text: 'Capacity  ' },
      { text: `${serving} nodes serve, ${planned} are needed`, color: short ? ('red' as const) : ('green' as const) },
      { text: `   cluster ${clusterState}`, color: 'dim' as const },
    ],
    [
      { text: 'Requests  ' },
      { text: `${requests.total - requests.failed} served` },
      { text: `   ${requests.failed} failed`, color: requests.failed === 0 ? ('green' as const) : ('red' as const) },
    ],
    [],
    ...nodes.map(nodeLine),
  ].map((pieces) => draw(pieces, look));
}

function nodeLine({ instanceId, version, lifecycle, phase, health, connections }: NodeView): Piece[] {
  const serves = health.every((each) => each === 'healthy') && phase === 'running';
  return [
    { text: `${instanceId}  ${version.padEnd(8)} ` },
    { text: phase.padEnd(12), color: serves ? 'green' : phase === 'error' || phase === 'refused' ? 'red' : 'yellow' },
    { text: lifecycle.padEnd(16) },
    { text: [...new Set(health)].join('/').padEnd(18), color: serves ? 'green' : 'yellow' },
    { text: `${String(connections).padStart(4)} open`, color: 'dim' },
  ];
}

/** `[#####.....]` */
function bar(progress: number, width: number): string {
  const filled = Math.round(Math.max(0, Math.min(1, progress)) * Math.max(1, width));
  return `[${'#'.repeat(filled)}${'.'.repeat(Math.max(1, width) - filled)}]`;
}

function draw(pieces: readonly Piece[], { width, color }: Look): string {
  let left = Math.max(1, width - 1);
  let line = '';
  for (const piece of pieces) {
    const text = piece.text.slice(0, left);
    left -= text.length;
    line += color && piece.color !== undefined && text !== '' ? `\u001b[${CODES[piece.color]}m${text}\u001b[0m` : text;
  }
  return line.replace(/ +$/, '');
}
