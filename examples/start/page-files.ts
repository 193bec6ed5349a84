/**
 * The files of the page. They are read at each request, so a change can be seen at once.
 */

import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { sendJson } from './web.ts'

/** The files that are served, by path. Nothing else is. */
export type Page = ReadonlyMap<string, URL>

const FOLDER = new URL('./page/', import.meta.url)
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export function findPage(): Page {
  const names = readdirSync(FOLDER).filter((name) => extname(name) in TYPES)
  return new Map(names.map((name) => [`/${name}`, new URL(name, FOLDER)]))
}

export async function sendPageFile(
  page: Page,
  req: IncomingMessage,
  res: ServerResponse,
  path: string,
): Promise<void> {
  const file = req.method === 'GET' ? page.get(path) : undefined
  if (file === undefined) return sendJson(res, 404, { error: 'not_found' })
  const type = TYPES[extname(file.pathname)] ?? 'application/octet-stream'
  res.writeHead(200, { 'content-type': type }).end(await readFile(file))
}
