/**
 * Allowed in the testing kit: import the public module of the core, and jose.
 */
import { generateKeyPair } from 'jose'
import type { Refresher } from '../verify/index.ts'

export async function makeKeys(refresher: Refresher): Promise<unknown> {
  await refresher.refresh()
  return generateKeyPair('RS256')
}
