/**
 * The sample users, and what each route asks for. The same rules are for Express and for the authorizer.
 */
import type { AccessRule } from 'jwt-gate'

/** A user of the embedded issuer. */
export interface SampleUser {
  readonly username: string
  readonly name: string
  readonly sub: string
  readonly groups: readonly string[]
  readonly scope: string
}

export const USERS: readonly SampleUser[] = [
  {
    username: 'ada',
    name: 'Ada',
    sub: '7b1f0c52-3a86-4d0e-9c47-5e1d2a90ada1',
    groups: ['admin'],
    scope: 'openid profile orders/read',
  },
  {
    username: 'rui',
    name: 'Rui',
    sub: '2c9d4e18-60b5-4f7a-8e23-91c7d05f2b34',
    groups: ['reader'],
    scope: 'openid profile orders/read',
  },
  {
    username: 'noa',
    name: 'Noa',
    sub: 'e4a67f03-1d29-4c8b-b5d0-38f61b7c9e70',
    groups: [],
    scope: 'openid profile',
  },
]

/** The routes of both APIs. */
export const ACCESS = {
  'GET /profile': {},
  'GET /orders': { scopes: ['orders/read'] },
  'GET /admin': { groups: ['admin'] },
} satisfies Record<string, AccessRule>

export function findUser(username: unknown): SampleUser | undefined {
  return USERS.find((user) => user.username === username)
}
