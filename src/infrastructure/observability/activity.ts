import { channel } from 'node:diagnostics_channel';
import type { Activity, Wrap } from '../../application/ports/instrumentation.ts';
import { activityChannelName } from './channels.ts';

/** An activity from its beginning. */
export class OngoingActivity implements Activity {
  readonly name: string;
  readonly correlationId?: string;
  readonly #wraps: Wrap[] = [];

  constructor(name: string, correlationId: string | undefined) {
    this.name = name;
    if (correlationId !== undefined) this.correlationId = correlationId;
  }

  around(wrap: Wrap): void {
    this.#wraps.push(wrap);
  }

  /** Whoever has subscribed first is outermost. */
  run<T>(work: () => T): T {
    return this.#wraps.reduceRight<() => T>((inner, wrap) => () => wrap(inner), work)();
  }
}

const activities = channel(activityChannelName);

/** Nothing is made, and nothing is answered, while nobody has subscribed. */
export function beginActivity(name: string, correlationId?: string): OngoingActivity | undefined {
  if (!activities.hasSubscribers) return undefined;
  const activity = new OngoingActivity(name, correlationId);
  activities.publish(activity);
  return activity;
}

const activitiesOfWork = new WeakMap<object, OngoingActivity>();

/** Lets what runs the work of a unit of work run it inside of its activity. */
export const declareActivity = (unitOfWork: object, activity: OngoingActivity): void =>
  void activitiesOfWork.set(unitOfWork, activity);

export function insideActivityOf<T>(unitOfWork: object, work: () => T): T {
  const activity = activitiesOfWork.get(unitOfWork);
  return activity === undefined ? work() : activity.run(work);
}
