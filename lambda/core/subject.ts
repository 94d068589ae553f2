/** Longest subject that SNS takes; it must be ASCII: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const SUBJECT_LENGTH = 100;

/** The text as SNS takes it for a subject. */
export const asSubject = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_LENGTH);
