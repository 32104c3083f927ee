import { describeModernLeg } from './describe-modern-leg.ts';

describeModernLeg('stdio');
