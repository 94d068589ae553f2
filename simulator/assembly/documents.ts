import type { CommandDocument, DocumentContent } from '../services/ssm/documents';

/**
 * A document of Systems Manager. Its content is JSON, as an object or as text; other types than `Command` are nothing that Run Command runs.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-document.html
 */
export function loadDocument(logicalId: string, name: string, properties: Readonly<Record<string, unknown>>): CommandDocument[] {
  const { Content, DocumentType, DocumentFormat = 'JSON' } = properties;
  if (DocumentType !== 'Command') return [];
  if (typeof Content === 'string' && DocumentFormat !== 'JSON')
    throw new Error(`${logicalId}: the simulator reads documents in JSON only, not in ${String(DocumentFormat)}.`);
  const content = (typeof Content === 'string' ? JSON.parse(Content) : Content) as DocumentContent;
  if (content.schemaVersion !== '2.2')
    throw new Error(`${logicalId}: the simulator runs documents of schema 2.2, not ${String(content.schemaVersion)}.`);
  return [{ name, content }];
}
