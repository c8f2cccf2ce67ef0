import { join, relative } from 'node:path';
// TypeScript 7 has no stable JavaScript API yet.
import ts from 'typescript-6';
import { projectRoot } from './tool.ts';

export interface DroppedResult {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

export interface DroppedResultsReport {
  readonly files: number;
  readonly statements: number;
  /** Whether neverthrow's declarations were loaded; without them every Result is an `any` and nothing is found. */
  readonly sawNeverthrow: boolean;
  readonly dropped: readonly DroppedResult[];
}

const RESULT_CLASSES = new Set(['Ok', 'Err', 'ResultAsync']);
const EXCUSE = /^\s*\/\/ dropped: \S/;

/**
 * Finds every place where a neverthrow Result is computed and thrown away: as a statement (also awaited, also
 * behind `void`), and as the value of an arrow function that is passed where nobody reads it.
 * A `void` on purpose is excused by a comment on the line above: `// dropped: <reason>`.
 */
export function findDroppedResults(configFile: string): DroppedResultsReport {
  const program = loadProgram(configFile);
  const checker = program.getTypeChecker();
  const dropped: DroppedResult[] = [];
  let files = 0;
  let statements = 0;

  for (const file of program.getSourceFiles()) {
    if (file.isDeclarationFile || program.isSourceFileFromExternalLibrary(file)) continue;
    files += 1;
    const visit = (node: ts.Node): void => {
      if (ts.isExpressionStatement(node)) {
        statements += 1;
        if (discardsResult(node.expression, checker) && !isExcused(node, file)) report(node);
      } else if (ts.isArrowFunction(node) && !ts.isBlock(node.body) && isReadByNobody(node, checker)) {
        statements += 1;
        if (discardsResult(node.body, checker) && !isExcused(node.body, file)) report(node.body);
      }
      ts.forEachChild(node, visit);
    };
    const report = (node: ts.Node): void => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      const [code = ''] = node.getText(file).split('\n');
      dropped.push({ file: relative(projectRoot, file.fileName), line: line + 1, code });
    };
    visit(file);
  }

  const sawNeverthrow = program
    .getSourceFiles()
    .some(({ fileName }) => fileName.includes('node_modules/neverthrow/'));
  return { files, statements, sawNeverthrow, dropped };
}

function loadProgram(configFile: string): ts.Program {
  const parsed = ts.getParsedCommandLineOfConfigFile(configFile, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  if (parsed === undefined) throw new Error(`${configFile} could not be read`);
  return ts.createProgram(parsed.fileNames, parsed.options);
}

function discardsResult(expression: ts.Expression, checker: ts.TypeChecker): boolean {
  if (ts.isParenthesizedExpression(expression) || ts.isVoidExpression(expression)) {
    return discardsResult(expression.expression, checker);
  }
  // An assignment keeps the value: `latest = save()`.
  if (ts.isBinaryExpression(expression) && isAssignment(expression.operatorToken.kind)) return false;
  return holdsResult(checker.getTypeAtLocation(expression), checker);
}

function isAssignment(operator: ts.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

function holdsResult(type: ts.Type, checker: ts.TypeChecker): boolean {
  if (type.isUnionOrIntersection()) return type.types.some((member) => holdsResult(member, checker));
  const symbol = type.getSymbol();
  if (symbol === undefined) return false;
  if (symbol.name === 'Promise') {
    return checker.getTypeArguments(type as ts.TypeReference).some((value) => holdsResult(value, checker));
  }
  return (
    RESULT_CLASSES.has(symbol.name) &&
    (symbol.declarations ?? []).some((declaration) =>
      declaration.getSourceFile().fileName.includes('/neverthrow/'),
    )
  );
}

/** True when the arrow function is given to a parameter or variable whose type answers plain `void`. */
function isReadByNobody(node: ts.ArrowFunction, checker: ts.TypeChecker): boolean {
  const signatures = checker.getContextualType(node)?.getCallSignatures() ?? [];
  return (
    signatures.length > 0 &&
    signatures.every((signature) => (signature.getReturnType().flags & ts.TypeFlags.Void) !== 0)
  );
}

function isExcused(node: ts.Node, file: ts.SourceFile): boolean {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return line > 0 && EXCUSE.test(file.text.split('\n')[line - 1] ?? '');
}

if (import.meta.main) {
  const { files, statements, sawNeverthrow, dropped } = findDroppedResults(
    join(projectRoot, 'tsconfig.test.json'),
  );
  for (const { file, line, code } of dropped) console.error(`${file}:${line} drops a Result: ${code}`);
  if (!sawNeverthrow) console.error('no file imports neverthrow, so no Result could have been found');
  const passed = statements > 0 && sawNeverthrow && dropped.length === 0;
  console.log(
    `check:results: ${statements} statements in ${files} files, ${dropped.length} dropped, ${passed ? 'ok' : 'failed'}`,
  );
  if (!passed) process.exitCode = 1;
}
