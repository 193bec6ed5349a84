/**
 * Two regions of a global table, which converge late and in any order: two servers, and a copier between them.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createRevocations, dynamoDbRevocationStore } from '../../dist/stores/index.js'
import { startDynamoDb, TABLE } from './support/dynamodb.mjs'

const iss = 'https://idp.example'
const until = Math.floor(Date.now() / 1_000) + 3_600

describe('two regions', () => {
  let regions
  before(async () => {
    regions = [await startDynamoDb(), await startDynamoDb()]
  })
  after(() => regions.map(({ stop }) => stop()))

  /** A process in a region. */
  function createProcess(region) {
    const store = dynamoDbRevocationStore(regions[region].client, { tableName: TABLE })
    const list = createRevocations({ store, whenStale: 'refuse', refreshMs: 1 })
    const isRevoked = (sub) => {
      try {
        list.assertNotRevoked(iss, { sub, exp: until }, Date.now(), true)
        return false
      } catch (error) {
        if (error.code !== 'ERR_TOKEN_REVOKED') throw error
        return true
      }
    }
    const readAgain = async () => {
      await list.settled()
      await new Promise((resolve) => setTimeout(resolve, 3))
      await list.hydrate()
    }
    return { ...list, isRevoked, readAgain }
  }

  /** The items that the first region has and the second lacks, or has in an older state. */
  async function listChanges() {
    const [from, to] = await Promise.all(
      regions.map(({ client }) => client.scan({ TableName: TABLE })),
    )
    const known = new Set(to.Items.map((item) => JSON.stringify(sorted(item))))
    return from.Items.filter((item) => !known.has(JSON.stringify(sorted(item))))
  }
  const sorted = (item) => Object.fromEntries(Object.entries(item).sort())
  const copyOneByOne = async (items, follower) => {
    for (const item of items) {
      await copy(item)
      await follower.readAgain()
    }
  }
  const copy = (item) => regions[1].client.putItem({ TableName: TABLE, Item: item })

  for (let order = 0; order < 6; order++) {
    test(`a process follows a log whose items arrive in another order (${order})`, async () => {
      const [near, far] = [createProcess(0), createProcess(1)]
      await far.hydrate()
      const subs = Array.from({ length: 6 }, (_, at) => `${order}-${at}`)
      // one after the other, so that each is an item
      for (const sub of subs) await near.revoke({ issuer: iss, sub, until })
      const changes = shuffle(await listChanges(), order)

      await copyOneByOne(changes, far)
      for (const sub of subs) assert.equal(far.isRevoked(sub), true, sub)
    })
  }

  test('what arrives applies at once, also beyond a gap', async () => {
    const [near, far, later] = [createProcess(0), createProcess(1), createProcess(1)]
    await far.hydrate()
    for (const sub of ['gap-1', 'gap-2', 'gap-3']) await near.revoke({ issuer: iss, sub, until })
    const changes = await listChanges()
    const holds = (item, sub) => item.records?.S.includes(sub)
    const missing = changes.filter((item) => holds(item, 'gap-2'))
    const arrived = changes.filter((item) => !missing.includes(item))
    for (const item of arrived) await copy(item)

    await far.readAgain()
    await later.readAgain()
    for (const one of [far, later]) {
      assert.deepEqual(['gap-1', 'gap-2', 'gap-3'].map(one.isRevoked), [true, false, true])
    }
    for (const item of missing) await copy(item)
    await far.readAgain()
    await later.readAgain()
    for (const one of [far, later]) assert.equal(one.isRevoked('gap-2'), true)
  })

  test('an entry that another region takes back before it has arrived stays', async () => {
    const [near, far] = [createProcess(0), createProcess(1)]
    await near.revoke({ issuer: iss, sub: 'early', until })
    await far.restore({ issuer: iss, sub: 'early' })
    for (const item of await listChanges()) await copy(item)

    await far.readAgain()
    assert.equal(far.isRevoked('early'), true)
    await far.restore({ issuer: iss, sub: 'early' })
    assert.equal(far.isRevoked('early'), false)
  })

  test('items that expired and were deleted are no gap to wait for', async () => {
    const near = createProcess(0)
    const past = Math.floor(Date.now() / 1_000) - 600
    await near.revoke({ issuer: iss, sub: 'expired', until: past })
    await near.revoke({ issuer: iss, sub: 'kept', until })
    const changes = await listChanges()
    const isExpired = (item) => item.records?.S.includes('expired')
    // as DynamoDB deletes by TTL, when it is time
    const log = changes.find(isExpired)
    assert.ok(log)
    const { client } = regions[0]
    await client.deleteItem({ TableName: TABLE, Key: { pk: log.pk, sk: log.sk } })

    const fresh = createProcess(0)
    await fresh.hydrate()
    assert.equal(fresh.isRevoked('kept'), true)
  })
})

/** A permutation that depends on the number alone. */
function shuffle(items, number) {
  const order = items.map((item, at) => ({ item, key: ((at + 1) * (number * 7 + 3)) % 13 }))
  return order.sort((one, other) => one.key - other.key).map(({ item }) => item)
}
