/**
 * Reads what a test gives to the builders of events. A mistake that the compiler would find is an error in JavaScript, too.
 */
import { type OptionNames, readChoice, readOptions } from '../verify/adapter-kit.ts'
import type { TestHandlerRequest, TestRequest } from './gateway-request.ts'

const REQUEST: OptionNames<TestRequest> = {
  token: true,
  headers: true,
  cookies: true,
  query: true,
  method: true,
  path: true,
  resource: true,
  stage: true,
  routeKey: true,
  body: true,
  identitySources: true,
}

/** The other members of an authorizer's result, so that a test can pass the whole result on. */
interface ResultMembers {
  readonly policyDocument?: unknown
  readonly usageIdentifierKey?: unknown
  readonly isAuthorized?: unknown
}

const HANDLER_REQUEST: OptionNames<TestHandlerRequest & ResultMembers> = {
  ...REQUEST,
  context: true,
  principalId: true,
  claims: true,
  scopes: true,
  policyDocument: true,
  usageIdentifierKey: true,
  isAuthorized: true,
}

/** @throws `ConfigError` for a member that the request of an authorizer event does not have */
export function readRequest(request: TestRequest): TestRequest {
  return readOptions('request', request, REQUEST)
}

/** @throws `ConfigError` for a member that the request of a handler event does not have */
export function readHandlerRequest(request: TestHandlerRequest): TestHandlerRequest {
  return readOptions('request', request, HANDLER_REQUEST)
}

/** @throws `ConfigError` for an unknown kind of event */
export function builderOf<Builders extends object, Kind extends keyof Builders>(
  option: string,
  kind: Kind,
  builders: Builders,
): Builders[Kind] {
  readChoice<unknown>(option, kind ?? null, Object.keys(builders))
  return builders[kind]
}
