/**
 * GitHub Actions: every workflow on GitHub can ask for every audience, so the repository is what counts.
 */
import { authorize, createVerifier } from 'jwt-gate'
import { githubActions } from 'jwt-gate/issuers'
import { describe, expect, test } from 'vitest'
import { createLookAlike, NOW, published, refusedAs } from './look-alike.ts'

const GITHUB = 'https://token.actions.githubusercontent.com'
const AUDIENCE = 'https://api.example.com'
const OURS = { audience: AUDIENCE, repository: 'octo-org/octo-repo' }

const issuer = await createLookAlike(
  {
    [`${GITHUB}/.well-known/jwks`]: (keys) => ({ keys: keys.map((key) => published(key)) }),
    [`${GITHUB}/octo-enterprise/.well-known/jwks`]: (keys) => ({
      keys: keys.map((key) => published(key)),
    }),
  },
  {
    header: { typ: 'JWT', x5t: 'a-thumbprint' },
    claims: {
      ...{
        iss: GITHUB,
        aud: AUDIENCE,
        jti: 'a-jti',
        sub: 'repo:octo-org/octo-repo:environment:prod',
      },
      ...{
        repository: 'octo-org/octo-repo',
        repository_id: '74',
        repository_visibility: 'private',
      },
      ...{ repository_owner: 'octo-org', repository_owner_id: '65', environment: 'prod' },
      ...{ ref: 'refs/heads/main', ref_type: 'branch', ref_protected: 'true', sha: 'example-sha' },
      ...{ actor: 'octocat', actor_id: '12', event_name: 'workflow_dispatch', workflow: 'deploy' },
      ...{ run_id: '8', run_number: '10', run_attempt: '2', runner_environment: 'github-hosted' },
      job_workflow_ref: 'octo-org/octo-automation/.github/workflows/oidc.yml@refs/heads/main',
    },
  },
)

test.each([
  ['the repository', OURS],
  ['one of several', { ...OURS, repository: ['octo-org/other', 'octo-org/octo-repo'] }],
  ['the owner', { audience: AUDIENCE, repositoryOwner: 'octo-org' }],
  ['any repository, spelled out', { audience: AUDIENCE, repository: null }],
])('a token passes by %s', async (_, options) => {
  expect(await issuer.verify(githubActions(options), await issuer.token())).toHaveProperty(
    'claims.ref',
    'refs/heads/main',
  )
})

test.each([
  [
    'the same audience, asked for by a stranger',
    { repository: 'evil/octo-repo', repository_owner: 'evil' },
  ],
  ['a longer name', { repository: 'octo-org/octo-repo-2' }],
  ['other capitals', { repository: 'Octo-org/octo-repo' }],
])('%s does not pass', async (_, claims) => {
  expect(await issuer.verify(githubActions(OURS), await issuer.token(claims))).toEqual(
    refusedAs('ERR_TOKEN_CHECK', 'repository'),
  )
})

test('the owner and the repository must both be right', async () => {
  const trusted = githubActions({ ...OURS, repositoryOwner: 'octo-org' })

  expect(await issuer.verify(trusted, await issuer.token({ repository_owner: 'evil' }))).toEqual(
    refusedAs('ERR_TOKEN_CHECK', 'repository_owner'),
  )
})

test('an access rule asks for a branch and the number of the owner', async () => {
  const verifier = createVerifier(
    githubActions({ ...OURS, jwks: { keys: issuer.keys.map(({ jwk }) => jwk) } }),
    {
      now: () => NOW * 1_000,
    },
  )
  const rule = {
    claims: {
      ref: 'refs/heads/main',
      repository_owner_id: '65',
      event_name: ['push', 'workflow_dispatch'],
    },
  }

  authorize(await verifier.verify(await issuer.token()), rule)
  const fork = await verifier.verify(
    await issuer.token({ event_name: 'pull_request', ref: 'refs/pull/1/merge' }),
  )
  expect(() => authorize(fork, rule)).toThrow('denied')
})

describe('the issuer of an enterprise', () => {
  const trusted = githubActions({ audience: AUDIENCE, enterprise: 'octo-enterprise' })

  test('has keys of its own place', async () => {
    const token = await issuer.token({
      iss: `${GITHUB}/octo-enterprise`,
      enterprise: 'octo-enterprise',
    })

    expect(await issuer.verify(trusted, token)).toHaveProperty('claims')
    expect(issuer.asked.at(-1)).toBe(`${GITHUB}/octo-enterprise/.well-known/jwks`)
  })

  test.each([GITHUB, `${GITHUB}/other`])('takes the place of %s', async (iss) => {
    expect(await issuer.verify(trusted, await issuer.token({ iss }))).toEqual(
      refusedAs('ERR_CLAIM_ISSUER'),
    )
  })
})

test.each([
  [
    'neither a repository nor an owner',
    { audience: AUDIENCE },
    'every workflow on GitHub would pass',
  ],
  ['no audience', { repository: 'a/b' }, '"audience"'],
  ['null as the audience', { audience: null, repository: 'a/b' }, '"audience"'],
  [
    'a URL as the repository',
    { ...OURS, repository: 'https://github.com/octo-org/octo-repo' },
    '"repository" must have names',
  ],
  ['a pattern', { ...OURS, repository: 'octo-org/*' }, '"repository" must have names'],
  [
    'an owner with a repository',
    { ...OURS, repositoryOwner: 'octo-org/octo-repo' },
    '"repositoryOwner" must have names',
  ],
  ['an enterprise with a path', { ...OURS, enterprise: '../x' }, '"enterprise" must have names'],
])('%s is a ConfigError', (_, options, message) => {
  expect(() => githubActions(options as never)).toThrow(message)
})
