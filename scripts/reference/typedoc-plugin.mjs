/**
 * For TypeDoc: calls an entry by its import, and finds what a comment names in the core, from every entry.
 */
import { Converter, ReflectionKind } from 'typedoc'

export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const entry of project.getChildrenByKind(ReflectionKind.Module)) {
      entry.name = entry.name === 'verify' ? 'jwt-gate' : `jwt-gate/${entry.name}`
    }
  })
  app.converter.addUnknownSymbolResolver(({ symbolReference }, { project }) => {
    const [{ path: name } = {}, ...others] = symbolReference?.path ?? []
    const core = project.getChildByName('jwt-gate')
    const target = others.length === 0 && name !== undefined && core?.getChildByName(name)
    return target ? { target } : undefined
  })
}
