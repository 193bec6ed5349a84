import { claimsFromEvent } from 'jwt-gate/lambda-authorizer'

interface ConnectEvent {
  readonly headers?: Readonly<Record<string, string>>
}

export const handler = async (event: ConnectEvent) => {
  const { sub } = claimsFromEvent(event)
  console.log('connected', sub)
  // the name of the subprotocol, never the token after it
  const headers = { 'Sec-WebSocket-Protocol': 'access_token' }
  return offersToken(event) ? { statusCode: 200, headers } : { statusCode: 200 }
}

function offersToken({ headers = {} }: ConnectEvent): boolean {
  const [, offered = ''] =
    Object.entries(headers).find(([name]) => /^sec-websocket-protocol$/i.test(name)) ?? []
  return offered.split(',').some((name) => name.trim() === 'access_token')
}
