// rejected by lint/nursery/noFloatingPromises
async function refresh(): Promise<void> {}

export function start(): void {
  refresh()
}
