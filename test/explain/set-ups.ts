/**
 * The mistakes that people make, each with the cause that must be found first, and with its cure. Programs that explain tokens go
 * through the same table.
 */
import { createClaimSetUps } from './set-ups/claim.ts'
import { createHeaderSetUps } from './set-ups/header.ts'
import { createIssuerSetUps } from './set-ups/issuer.ts'
import { createKeySetUps } from './set-ups/key.ts'
import { createNetworkSetUps } from './set-ups/network.ts'
import { createPresetSetUps } from './set-ups/preset.ts'
import { createRevocationSetUps } from './set-ups/revocation.ts'
import { createRuleSetUps } from './set-ups/rule.ts'
import { createTextSetUps } from './set-ups/text.ts'
import { createTimeSetUps } from './set-ups/time.ts'
import type { SetUp, World } from './set-ups/world.ts'

export type { Attempt, SetUp } from './set-ups/world.ts'
export { createWorld } from './set-ups/world.ts'

/** All broken set-ups. `world.close()` stops their servers. */
export async function createSetUps(world: World): Promise<readonly SetUp[]> {
  const groups = await Promise.all(
    [
      createTextSetUps,
      createHeaderSetUps,
      createIssuerSetUps,
      createKeySetUps,
      createNetworkSetUps,
      createTimeSetUps,
      createClaimSetUps,
      createRuleSetUps,
      createRevocationSetUps,
      createPresetSetUps,
    ].map((create) => create(world)),
  )
  return groups.flat()
}
