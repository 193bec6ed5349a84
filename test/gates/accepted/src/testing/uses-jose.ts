/**
 * Allowed in the testing kit: import the two public modules of the core, and jose.
 */
import { generateKeyPair } from 'jose'
import { start } from '../verify/adapter-kit.ts'
import type { Refresher } from '../verify/index.ts'

export async function makeKeys(refresher: Refresher): Promise<unknown> {
  await start()
  await refresher.refresh()
  return generateKeyPair('RS256')
}
