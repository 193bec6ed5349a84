/**
 * What the core may do: wait for its promises.
 */
export class Refresher {
  async refresh(): Promise<void> {}
}

export async function start(): Promise<void> {
  await new Refresher().refresh()
}
