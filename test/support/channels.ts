/**
 * What is published on the channels of `node:diagnostics_channel`, as a subscriber of the whole process gets it.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'

export type ChannelName = 'jwt-gate:verify' | 'jwt-gate:jwks' | 'jwt-gate:request'
const CHANNELS: readonly ChannelName[] = ['jwt-gate:verify', 'jwt-gate:jwks', 'jwt-gate:request']

/** Does something, and returns what it published meanwhile. */
export async function record<Message>(
  name: ChannelName,
  work: () => unknown,
  onMessage: (message: Message) => void = () => undefined,
): Promise<Message[]> {
  const messages: Message[] = []
  const listener = (message: unknown): void => {
    messages.push(message as Message)
    onMessage(message as Message)
  }
  subscribe(name, listener)
  try {
    await work()
  } finally {
    unsubscribe(name, listener)
  }
  return messages
}

/** The same for all channels. */
export async function recordAll(work: () => unknown): Promise<unknown[]> {
  const all: unknown[] = []
  const through = CHANNELS.reduce<() => unknown>(
    (next, name) => async () => void all.push(...(await record(name, next))),
    work,
  )
  await through()
  return all
}
