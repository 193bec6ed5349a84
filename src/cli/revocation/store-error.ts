/**
 * Says what is wrong with a store, without its message: that of a client may contain an address with a password.
 */
import { escapeText } from '../../terminal/escape.ts'
import { StoreError } from '../../verify/index.ts'

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at this address',
  ENOTFOUND: 'the host name does not exist',
  ETIMEDOUT: 'no answer',
  WRONGPASS: 'the user name or the password is wrong',
  NOAUTH: 'it asks for a password',
  NOPERM: 'the user may not run this command',
  READONLY: 'it is a replica, which cannot be written to',
  ResourceNotFoundException: 'there is no such table in this region',
  AccessDeniedException: 'the credentials do not allow it: dynamodb:PutItem and dynamodb:Query',
  CredentialsProviderError: 'there are no credentials of AWS',
  ExpiredTokenException: 'the credentials of AWS have expired',
  UnrecognizedClientException: 'the credentials of AWS are not valid',
}

/** A code of Node, of Redis (the first word of a reply) or of AWS (the name of the error). */
export function describeStoreError(error: unknown): string {
  // the library's own code says nothing of the client
  if (error instanceof StoreError) return describeStoreError(error.cause)
  const { code, name, message, errors, cause } = Object(error) as Record<string, unknown>
  const [first] = Array.isArray(errors) ? errors : []
  if (code === undefined && first !== undefined) return describeStoreError(first)
  if (message === 'Region is missing') return 'there is no region of AWS: set AWS_REGION'
  const reply = /^[A-Z]{3,20}(?= )/.exec(String(message))?.[0]
  const found = [code, reply, name].find((one) => typeof one === 'string' && one !== 'Error')
  if (found === undefined) return cause ? describeStoreError(cause) : 'its client has failed'
  const shown = escapeText(String(found), 60)
  return Object.hasOwn(WORDS, shown) ? `${WORDS[shown]} (${shown})` : shown
}
