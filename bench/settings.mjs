/**
 * How much is measured: the full run for published figures, the quick one to check that everything works.
 */

export const FULL = {
  // so many that a token is as good as new to a cache of 5,000 when it comes again
  tokens: { RS256: 40_000, ES256: 40_000, EdDSA: 40_000 },
  parts: {
    tokens: { rounds: 5, warmUp: { forMs: 300, atLeast: 6_000 }, turns: 25, turnMs: 40 },
    express: { rounds: 5, warmUp: { forMs: 500, atLeast: 15_000 }, turns: 50, turnMs: 50 },
    keys: { rounds: 5, slices: 20, sliceMs: 250 },
    flood: { rounds: 5, forged: 2_000 },
    memory: { rounds: 3, filled: 20_000, flooded: 200_000 },
    cold: { rounds: 21 },
  },
}

export const QUICK = {
  tokens: { RS256: 6_000, ES256: 6_000, EdDSA: 6_000 },
  parts: {
    tokens: { rounds: 1, warmUp: { forMs: 60, atLeast: 500 }, turns: 2, turnMs: 60 },
    express: { rounds: 1, warmUp: { forMs: 100, atLeast: 500 }, turns: 2, turnMs: 150 },
    keys: { rounds: 1, slices: 2, sliceMs: 100 },
    flood: { rounds: 1, forged: 300 },
    memory: { rounds: 1, filled: 6_000, flooded: 20_000 },
    cold: { rounds: 3 },
  },
}
