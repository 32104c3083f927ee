import { describeModernLeg } from './describe-modern-leg.ts';

describeModernLeg('http');
