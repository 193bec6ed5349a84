/**
 * How much is measured: the full run for published figures, the quick one to check that everything works.
 */

export const FULL = {
  // so many that a token is as good as new to a cache of 5,000 when it comes again
  tokens: { RS256: 40_000, ES256: 40_000, EdDSA: 40_000 },
  parts: {
    tokens: { rounds: 3, warmUp: { forMs: 300, atLeast: 6_000 }, turns: 25, turnMs: 40 },
    authorizer: { rounds: 3, warmUp: { forMs: 300, atLeast: 10_000 }, turns: 25, turnMs: 40 },
    express: { rounds: 3, warmUp: { forMs: 500, atLeast: 15_000 }, turns: 50, turnMs: 50 },
    dpop: { rounds: 3, warmUp: 2_000, turns: 20, requests: 500 },
    keys: { rounds: 3, slices: 20, sliceMs: 250 },
    flood: { rounds: 3, forged: 2_000 },
    memory: { rounds: 3, filled: 20_000, flooded: 200_000 },
    revocations: { rounds: 3, listed: 100_000, turns: 41, calls: 20_000, entries: 1_000_000 },
    growth: { rounds: 3, calls: 5_000 },
    tenants: { rounds: 3, tenants: 10_000, active: 1_000, turns: 50, turnMs: 40 },
    cold: { rounds: 21 },
  },
}

/** For `--compare`. */
export const COMPARED = {
  rounds: 8,
  turns: 40,
  turnMs: 25,
  warmUpMs: 300,
  // Express
  requestMs: 50,
  warmUp: { forMs: 300, atLeast: 8_000 },
}

export const COMPARED_QUICKLY = {
  rounds: 2,
  turns: 5,
  turnMs: 20,
  warmUpMs: 100,
  requestMs: 50,
  warmUp: { forMs: 100, atLeast: 500 },
}

export const QUICK = {
  tokens: { RS256: 6_000, ES256: 6_000, EdDSA: 6_000 },
  parts: {
    tokens: { rounds: 1, warmUp: { forMs: 60, atLeast: 500 }, turns: 2, turnMs: 60 },
    authorizer: { rounds: 1, warmUp: { forMs: 60, atLeast: 2_000 }, turns: 2, turnMs: 60 },
    express: { rounds: 1, warmUp: { forMs: 100, atLeast: 500 }, turns: 2, turnMs: 150 },
    dpop: { rounds: 1, warmUp: 500, turns: 2, requests: 200 },
    keys: { rounds: 1, slices: 2, sliceMs: 100 },
    flood: { rounds: 1, forged: 300 },
    memory: { rounds: 1, filled: 6_000, flooded: 20_000 },
    revocations: { rounds: 1, listed: 10_000, turns: 5, calls: 5_000, entries: 50_000 },
    growth: { rounds: 1, calls: 500 },
    tenants: { rounds: 1, tenants: 1_200, active: 100, turns: 2, turnMs: 40 },
    cold: { rounds: 3 },
  },
}
