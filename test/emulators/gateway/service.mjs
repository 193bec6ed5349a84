/**
 * The service that serverless-offline runs: every kind of API, each with its own authorizer.
 */
import { APIS, toAccess } from './apis.mjs'

const AUTHORIZERS = Object.keys(APIS).filter((api) => APIS[api].kind === 'httpApi')

/**
 * A configuration of the Serverless Framework.
 * @param env - the trusted issuer, as the authorizer's environment variables
 * @param rule - the rule for `/admin`, or for a connection
 */
export function toService({ env, rule, ports }) {
  const apis = Object.keys(APIS)
  return {
    service: 'jwt-gate',
    frameworkVersion: '*',
    provider: {
      name: 'aws',
      runtime: 'nodejs20.x',
      region: 'eu-west-1',
      stage: 'dev',
      httpApi: { authorizers: Object.fromEntries(AUTHORIZERS.map(toHttpAuthorizer)) },
    },
    plugins: ['serverless-offline'],
    custom: { 'serverless-offline': { host: '127.0.0.1', noSponsor: true, ...ports } },
    functions: {
      ...Object.fromEntries(
        apis.map((api) => [toAuthorizerName(api), toAuthorizer(api, env, rule)]),
      ),
      ...Object.fromEntries(apis.map((api) => [toName(api), toHandler(api)])),
    },
  }
}

function toAuthorizer(api, env, rule) {
  const access = JSON.stringify(toAccess(api, rule))
  return {
    handler: 'recorder.handler',
    timeout: 20,
    environment: { ...env, ...APIS[api].env, JWT_GATE_ACCESS: access },
  }
}

function toHttpAuthorizer(api) {
  const { authorizer } = APIS[api]
  const identitySource = '$request.header.Authorization'
  const functionName = toAuthorizerName(api)
  return [api, { type: 'request', functionName, identitySource, ...authorizer }]
}

function toHandler(api) {
  if (APIS[api].kind === 'websocket') {
    return { handler: 'api.answerSocket', events: toSocketEvents(api) }
  }
  return {
    handler: 'api.answer',
    ...(api === 'http-1.0' && { httpApi: { payload: '1.0' } }),
    events: [toEvent(api, 'profile'), toEvent(api, 'admin')],
  }
}

function toEvent(api, route) {
  const { kind, authorizer } = APIS[api]
  const request = { path: `/${api}/${route}`, method: 'get' }
  if (kind === 'httpApi') return { httpApi: { ...request, authorizer: { name: api } } }
  const identitySource = 'method.request.header.Authorization'
  const name = toAuthorizerName(api)
  return { http: { ...request, authorizer: { name, identitySource, ...authorizer } } }
}

function toSocketEvents(api) {
  const authorizer = {
    name: toAuthorizerName(api),
    identitySource: ['route.request.querystring.token'],
  }
  return [
    { websocket: { route: '$connect', authorizer } },
    { websocket: { route: '$default', routeResponseSelectionExpression: '$default' } },
  ]
}

function toAuthorizerName(api) {
  return `${toName(api)}Authorizer`
}

/** Function names consist of letters and digits. */
function toName(api) {
  return api.replace(/\W/g, '')
}
