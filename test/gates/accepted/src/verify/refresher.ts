/**
 * Allowed in the core: await its promises.
 */
export class Refresher {
  async refresh(): Promise<void> {}
}

export async function start(): Promise<void> {
  await new Refresher().refresh()
}
