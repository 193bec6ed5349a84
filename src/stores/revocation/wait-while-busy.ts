/**
 * Waits for work that may never end, such as a command that a client holds back until it is connected again.
 */

// as the time limit of a request for keys
const PATIENCE_MS = 5_000

/**
 * Waits until the work has ended, or has made no progress for five seconds. Returns whether it has ended.
 * @param work - never rejects
 * @param progress - a number that changes whenever the work goes on
 */
export async function waitWhileBusy(work: Promise<void>, progress: () => number): Promise<boolean> {
  for (;;) {
    const before = progress()
    if (await endsInTime(work)) return true
    if (progress() === before) return false
  }
}

function endsInTime(work: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS, false)
    void work.then(() => {
      clearTimeout(timer)
      resolve(true)
    })
  })
}
