// Every partner has a lane of its own, in which one thing is fetched at a time. There is a bound for all lanes together, and a lower one
// for partners that did not answer when they were asked last: those that answer never wait for those that do not.

import { createListSchedule, type ListSchedule, type Wanted } from '../../core/status/list-schedule.js';
import type { After } from '../after.js';
import type { Partner } from './which-partners.js';

export interface Lane extends Partner {
  readonly schedule: ListSchedule;
}

export interface Lanes {
  /** From now on these partners, and no others. What is known of those that stay stays. */
  readonly settle: (partners: readonly Partner[]) => void;
  readonly of: (base: string) => Lane | undefined;
  readonly all: () => readonly Lane[];
  /** Begins whatever is due and has room. */
  readonly pump: () => void;
  /** Nothing more begins. */
  readonly stop: () => void;
}

export interface LanesDeps {
  /** Epoch seconds. */
  readonly clock: () => number;
  readonly chance: () => number;
  readonly after: After;
  /** Whether anything may begin in this lane now. */
  readonly mayBegin: (lane: Lane) => boolean;
  /** Fetches one thing, and tells for how many seconds this process was held up by it. */
  readonly run: (lane: Lane, wanted: Wanted) => Promise<number>;
}

/** Each holds a token of 2 MiB at most. */
const MOST = 64;
const MOST_FAILING = 48;
/** A lane rests so much longer than it held the process up: no partner takes more than a twentieth of it. */
const REST = 20;

export function createLanes(deps: LanesDeps): Lanes {
  const lanes = new Map<string, Lane>();
  const busy = new Set<string>();
  const resting = new Set<string>();
  let running = 0;
  let failing = 0;
  let stopped = false;

  const begin = (lane: Lane, wanted: Wanted): void => {
    const isFailing = lane.schedule.isFailing();
    running += 1;
    if (isFailing) failing += 1;
    busy.add(lane.base);
    void deps.run(lane, wanted).then((heldUp) => {
      running -= 1;
      if (isFailing) failing -= 1;
      busy.delete(lane.base);
      rest(lane, heldUp);
      pump();
    });
  };

  const rest = ({ base }: Lane, heldUp: number): void => {
    resting.add(base);
    deps.after(
      () => {
        resting.delete(base);
        pump();
      },
      heldUp * REST * 1000,
    );
  };

  const pump = (): void => {
    if (stopped) return;
    for (const lane of lanes.values()) {
      if (running >= MOST) return;
      if (busy.has(lane.base) || resting.has(lane.base) || !deps.mayBegin(lane)) continue;
      if (lane.schedule.isFailing() && failing >= MOST_FAILING) continue;
      const wanted = lane.schedule.due(deps.clock());
      if (wanted !== undefined) begin(lane, wanted);
    }
  };

  return {
    settle: (partners) => {
      const bases = new Set(partners.map(({ base }) => base));
      for (const base of lanes.keys()) if (!bases.has(base)) lanes.delete(base);
      for (const partner of partners) {
        const known = lanes.get(partner.base);
        if (known?.issuer === partner.issuer) continue;
        lanes.set(partner.base, { ...partner, schedule: createListSchedule(deps.clock(), deps.chance) });
      }
    },
    of: (base) => lanes.get(base),
    all: () => [...lanes.values()],
    pump,
    stop: () => {
      stopped = true;
    },
  };
}
