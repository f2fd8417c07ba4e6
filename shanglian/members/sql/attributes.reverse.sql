DROP TRIGGER yearclose_balances_attributes ON members_yearclose;
DROP TRIGGER leg_2_attributes_roll_up ON members_leg;
DROP FUNCTION attributes_close_years();
DROP FUNCTION ledger_roll_up_attributes();
DROP FUNCTION profile_attributes(members_profile);
