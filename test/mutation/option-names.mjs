/** Leaves out `false` for `true` in a list of option names, of which only the names are read. */
const ignorer = {
  shouldIgnore(path) {
    if (!path.isBooleanLiteral()) return undefined
    const list = path.findParent((parent) => parent.isVariableDeclarator())
    const type = list?.node.id.typeAnnotation?.typeAnnotation.typeName?.name
    return type === 'OptionNames' ? 'only the names of options are read' : undefined
  },
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'option-names', value: ignorer }]
