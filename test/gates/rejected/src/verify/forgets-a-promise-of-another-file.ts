// rejected by lint/nursery/noFloatingPromises
import { Refresher } from './refresher.ts'

export function start(): void {
  new Refresher().refresh()
}
