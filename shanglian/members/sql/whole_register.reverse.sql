DROP TRIGGER leg_4_rolls_up_whole ON members_leg;
DROP FUNCTION ledger_roll_up_whole();
