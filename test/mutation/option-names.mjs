/** Leaves out `false` for `true` in a list of option names, of which only the names are read. */
const isList = (parent) => parent.isVariableDeclarator() || parent.isCallExpression()

const ignorer = {
  shouldIgnore(path) {
    if (!path.isBooleanLiteral()) return undefined
    const { id, callee } = path.findParent(isList)?.node ?? {}
    const type = id?.typeAnnotation?.typeAnnotation.typeName?.name
    const isOfNames = type === 'OptionNames' || callee?.name === 'readOptions'
    return isOfNames ? 'only the names of options are read' : undefined
  },
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'option-names', value: ignorer }]
