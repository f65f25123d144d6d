/** What the stream of events knows of an id: absent where no event names such a user, or none has such a session. */
export type StreamedId<Person> = {
  readonly user?: Person | undefined;
  /** The first user of the session, or the session itself while it has none. */
  readonly session?: Person | undefined;
};

/**
 * Whom an id means. A user whom the model or the stream knows is herself; only an id that is no user's stands for a
 * session. Whatever is asked by a user's id follows this rule: recommendations, rankings, the log of exploration and
 * the inspection of events.
 *
 * @returns undefined for a user whom no event names
 */
export function personOf<Person>({ user, session }: StreamedId<Person>, isUserOfModel: boolean): Person | undefined {
  return user ?? (isUserOfModel ? undefined : session);
}
